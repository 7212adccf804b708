"""What other programs are told by itself: how far a survey is, its seal, an approval, a lock."""
