"""Tables of the programs in use, through API and page: the same ratings, person by person."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.models import AnswerTable
from surveys.tables.columns import PROGRAMS
from tests.surveys.tables.bring import answers_of, send_file
from tests.surveys.tables.presets import PRESETS
from tests.surveys.test_tables_people_bring import get, mapping_of, page_of, say_on_page

pytestmark = pytest.mark.django_db
NAMES = [f"{preset.program}-{preset.name}" for preset in PRESETS]


def file_of(preset):
    return SimpleUploadedFile(preset.name, preset.content)


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_a_program_is_known_and_its_answers_are_read_by_the_api(survey, editor, preset):
    answered = send_file(editor, survey, file_of(preset))
    if preset.asks:
        assert {one["step"] for one in answered.json()["questions"]} == {preset.asks}
        answered = send_file(editor, survey, file_of(preset), mapping_of(preset, survey))

    assert answered.status_code == 200, answered.json()
    assert answers_of(survey, 2) == sorted(preset.answers)
    assert answered.json()["summary"]["program"] == preset.program


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_its_answers_are_read_on_the_page(survey, editor, preset):
    editor.post(page_of(survey), {"file": file_of(preset)})
    address = page_of(survey, AnswerTable.objects.get(survey=survey))
    page = get(editor, address)
    if preset.asks:
        filled = say_on_page(page, preset, mapping_of(preset, survey))
        editor.post(address, filled | {"look": "1"})
        page = get(editor, address)
    assert preset.program in page.content.decode()

    editor.post(address, {"import": "1"})

    assert answers_of(survey, 2) == sorted(preset.answers)


def test_every_program_of_the_list_has_a_table_here():
    assert set(PROGRAMS) == {preset.program for preset in PRESETS}
