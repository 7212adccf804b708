"""What is asked: the words of questions, their kinds, and the consent."""
