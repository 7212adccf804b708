"""LibreOffice opens what we write, and shows the Chinese text."""

import io
import re
import shutil
import subprocess
import zipfile

import pytest
from pypdf import PdfReader

from materiality.report.edition import Edition
from materiality.report.files import package
from tests.conftest import missing
from tests.report.rounds import badly_named, made, sample

OFFICE = ["section.docx", "method.docx", "slides.pptx", "tables.xlsx"]

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return a function: an office file in, its text as LibreOffice prints it out."""
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice", "apt-get install libreoffice-core libreoffice-writer")
    folder = tmp_path_factory.mktemp("office")

    def text_of(name, content):
        (folder / name).write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run([*command, str(folder / name)], check=True, capture_output=True, timeout=180)
        pages = PdfReader((folder / name).with_suffix(".pdf")).pages
        return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))

    return text_of


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["section.docx", "slides.pptx", "tables.xlsx"])
def test_libreoffice_shows_every_topic(opened, name, language):
    text = opened(name, made(language, name))

    for topic in sample().topics:
        assert re.sub(r"\s+", "", topic.name[language]) in text


@pytest.mark.parametrize("name", OFFICE)
def test_libreoffice_opens_bad_names(opened, name):
    assert "=1+1" in opened(name, package.file(Edition(badly_named(), "en"), name))


@pytest.mark.parametrize("name", OFFICE)
def test_libreoffice_shows_that_answers_are_simulated(opened, name):
    assert "模拟回答" in opened(name, made("zh-hans", name))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("where", ["matrix.svg", "section.docx"])
def test_libreoffice_draws_the_vector_figure(opened, where, language):
    """By itself, and as it stands in the Word document beside the picture for older programs."""
    content = made(language, where)
    if where == "section.docx":
        archive = zipfile.ZipFile(io.BytesIO(content))
        [name] = [name for name in archive.namelist() if name.endswith(".svg")]
        content = archive.read(name)

    text = opened("figure.svg", content)

    for topic in sample().topics:
        assert re.sub(r"\s+", "", topic.name[language])[:6] in text
