"""Pictures in, plates out: with the real networks on drawn plates, and on real pictures where they lie."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.plate.alphabet import PROVINCES
from zhian_models.plate.draw import draw
from zhian_models.plate.ppocr_classes import COUNT, ON_PLATES
from zhian_models.plate.reader import NETWORKS, PlateReader
from zhian_models.plate.types import Colour, Kind, Plate, PlateBox, RejectReason
from zhian_models.plate.vote import fuse
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

Made = tuple[str, Kind, Colour, int]
DATA = Path(__file__).parent / "data"
KINDS = [
    ("京A12345", Kind.CIVIL, Colour.BLUE, 1),
    ("湘B6K382", Kind.CIVIL, Colour.YELLOW, 2),
    ("苏ED51712", Kind.NEV, Colour.GREEN, 1),
    ("苏E51712D", Kind.NEV_LARGE, Colour.YELLOW_GREEN, 1),
    ("渝B3587学", Kind.LEARNER, Colour.YELLOW, 1),
    ("鲁A1284挂", Kind.TRAILER, Colour.YELLOW, 2),
    ("京A1284警", Kind.POLICE, Colour.WHITE, 1),
    ("粤ZP560港", Kind.HK_MACAU, Colour.BLACK, 1),
    ("224183使", Kind.EMBASSY, Colour.BLACK, 1),
    ("沪A1234领", Kind.CONSULATE, Colour.BLACK, 1),
    ("WJ粤6788B", Kind.ARMED_POLICE, Colour.WHITE, 1),
    ("WJ1693015", Kind.ARMED_POLICE, Colour.WHITE, 1),
    ("VA30093", Kind.MILITARY, Colour.WHITE, 1),
    ("民航B9016", Kind.AVIATION, Colour.GREEN, 1),
    ("皖1149885", Kind.FARM, Colour.GREEN, 2),
    ("京X1284应急", Kind.EMERGENCY, Colour.WHITE, 1),
    ("沪QA4958", Kind.TEMPORARY, Colour.WHITE, 1),
]


@pytest.fixture(scope="module")
def runtime(models_home: Path) -> Runtime:
    """The three networks of plates."""
    return open_runtime(Store(models_home), list(NETWORKS))


@pytest.fixture
def reader(runtime: Runtime) -> PlateReader:
    """A reader with its counters at zero."""
    return PlateReader(runtime)


def in_scene(plate: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """The plate `width` pixels wide on a grey car of 640 x 400."""
    height = round(plate.shape[0] * width / plate.shape[1])
    scene = np.full((400, 640, 3), 95, np.uint8)
    scene[220 : 220 + height, 200 : 200 + width] = cv2.resize(plate, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), 0.7), np.uint8)


@pytest.mark.parametrize(("text", "kind", "colour", "rows"), KINDS)
def test_every_kind_is_read(reader: PlateReader, text: str, kind: Kind, colour: Colour, rows: int) -> None:
    (plate,) = reader.read(in_scene(draw(text, kind, colour, rows), 150))
    assert (plate.text, plate.kind, plate.colour, plate.rows) == (text, kind, colour, rows)


@pytest.mark.parametrize("province", PROVINCES)
def test_every_province_is_read_as_itself(reader: PlateReader, province: str) -> None:
    (plate,) = reader.read(in_scene(draw(f"{province}A82K63", Kind.CIVIL, Colour.BLUE), 130))
    assert plate.text == f"{province}A82K63"


@pytest.mark.parametrize("letter", "DABCEFGHJK")
def test_every_letter_of_new_energy_plates_is_read(reader: PlateReader, letter: str) -> None:
    small = reader.read(in_scene(draw(f"苏E{letter}51712", Kind.NEV, Colour.GREEN), 150))
    large = reader.read(in_scene(draw(f"苏E51712{letter}", Kind.NEV_LARGE, Colour.YELLOW_GREEN), 150))
    assert texts([*small, *large]) == [f"苏E{letter}51712", f"苏E51712{letter}"]


def test_the_committed_plate_is_read_as_ever(reader: PlateReader) -> None:
    (plate,) = reader.read(load(DATA / "synthetic.png"))
    assert (plate.text, plate.kind, plate.colour) == ("沪A58K26", Kind.CIVIL, Colour.BLUE)
    assert plate.confidence > 0.9
    assert [symbol for symbol, _ in plate.characters] == list("沪A58K26")
    assert np.allclose(plate.corners, [[81, 61], [219, 71], [219, 115], [81, 105]], atol=4)


def test_a_bare_plate_is_a_picture_too(reader: PlateReader) -> None:
    crop = cv2.resize(draw("川A82M83", Kind.CIVIL, Colour.BLUE), (94, 24), interpolation=cv2.INTER_AREA)
    assert [plate.text for plate in reader.read(np.asarray(crop, np.uint8))] == ["川A82M83"]


def test_several_plates_are_read(reader: PlateReader) -> None:
    scene = in_scene(draw("京A12345", Kind.CIVIL, Colour.BLUE), 140)
    scene[60:105, 400:541] = cv2.resize(draw("苏ED51712", Kind.NEV, Colour.GREEN), (141, 45))
    assert {plate.text for plate in reader.read(scene)} == {"京A12345", "苏ED51712"}


@pytest.mark.parametrize("degrees", [-29, 20, 28])
@pytest.mark.parametrize(
    "made",
    [("京A12345", Kind.CIVIL, Colour.BLUE, 1), ("WJ64903", Kind.ARMED_POLICE, Colour.WHITE, 2)],
)
def test_a_turned_plate_is_read(reader: PlateReader, made: Made, degrees: float) -> None:
    scene = in_scene(draw(*made), 160)
    turned = cv2.warpAffine(
        scene, cv2.getRotationMatrix2D((280, 245), degrees, 1.0), (640, 400), borderValue=(95, 95, 95)
    )
    assert [plate.text for plate in reader.read(np.asarray(turned, np.uint8))] == [made[0]]


@pytest.mark.parametrize("width", [440, 900])
@pytest.mark.parametrize(
    "made",
    [
        ("琼E4937挂", Kind.TRAILER, Colour.YELLOW, 1),
        ("WJ闽1694T", Kind.ARMED_POLICE, Colour.WHITE, 1),
        ("闽3947524", Kind.FARM, Colour.GREEN, 2),
    ],
)
def test_a_plate_that_fills_its_picture_is_read_whole(reader: PlateReader, made: Made, width: int) -> None:
    plate = draw(*made, scale=2.0)
    picture = cv2.resize(plate, (width, round(plate.shape[0] * width / plate.shape[1])), interpolation=cv2.INTER_AREA)
    assert [found.text for found in reader.read(np.asarray(picture, np.uint8))] == [made[0]]


def test_a_distant_plate_beside_a_plain_one_is_not_overlooked(reader: PlateReader) -> None:
    scene = np.full((720, 1280, 3), 95, np.uint8)
    for text, width, (x, y) in (("京A12345", 190, (150, 420)), ("苏J35645", 92, (900, 300))):
        plate = draw(text, Kind.CIVIL, Colour.BLUE)
        small = cv2.resize(plate, (width, round(width * 140 / 440)), interpolation=cv2.INTER_AREA)
        scene[y : y + len(small), x : x + width] = small
    assert {plate.text for plate in reader.read(scene)} == {"京A12345", "苏J35645"}


@pytest.mark.parametrize("hidden", [0.12, 0.25])
def test_a_plate_that_the_picture_cuts_is_never_read_as_whole(reader: PlateReader, hidden: float) -> None:
    plate = draw("川C13491", Kind.CIVIL, Colour.YELLOW, 2)
    small = cv2.resize(plate, (170, 85), interpolation=cv2.INTER_AREA)[:, round(170 * hidden) :]
    scene = np.full((400, 640, 3), 95, np.uint8)
    scene[200:285, : small.shape[1]] = small
    assert reader.read(scene) == []
    assert reader.rejected[RejectReason.CUT_OFF] > 0


def test_wall_lettering_is_no_plate(reader: PlateReader) -> None:
    scene = np.full((400, 640, 3), (150, 60, 20), np.uint8)
    for row, text in enumerate(("TEL 13800138000", "2013-04-30 12:00:05", "FORLAND", "京东快递")):
        cv2.putText(scene, text, (60, 80 + 80 * row), (255, 255, 255), cv2.FontFace("sans"), 40, 600)
    assert reader.read(scene) == []


def test_half_a_plate_is_not_reported_and_the_reason_is_counted(reader: PlateReader) -> None:
    plate = draw("京A12345", Kind.CIVIL, Colour.BLUE)[:, :300]
    assert reader.read(in_scene(plate, 110)) == []
    assert sum(reader.rejected.values()) > 0


def test_a_plate_of_a_few_pixels_is_too_small(reader: PlateReader) -> None:
    corners = np.array([[0, 0], [12, 0], [12, 4], [0, 4]], np.float32)
    reading = reader.read_at(np.zeros((20, 20, 3), np.uint8), PlateBox(corners, (0, 0, 12, 4), 0.9))
    assert reading.reject is RejectReason.TOO_SMALL


def test_readings_of_one_plate_can_vote(reader: PlateReader) -> None:
    picture = load(DATA / "synthetic.png")
    corners = np.array([[81, 61], [219, 71], [219, 115], [81, 105]], np.float32)
    readings = [
        reader.read_at(picture, PlateBox(corners + shift, (81, 61, 138, 54), 0.9)) for shift in (-2.0, 0.0, 1.5)
    ]
    vote = fuse(readings)
    assert vote.plate is not None
    assert vote.plate.text == "沪A58K26"


def test_a_glance_reads_a_plain_plate_as_a_long_look_does(reader: PlateReader) -> None:
    picture = load(DATA / "synthetic.png")
    corners = np.array([[81, 61], [219, 71], [219, 115], [81, 105]], np.float32)
    box = PlateBox(corners, (81, 61, 138, 54), 0.9)
    assert reader.glance_at(picture, box).text == reader.read_at(picture, box).text == "沪A58K26"


@pytest.mark.parametrize(("text", "kind", "colour", "rows"), KINDS)
def test_a_plate_contradicts_another_one_and_never_itself(
    reader: PlateReader, text: str, kind: Kind, colour: Colour, rows: int
) -> None:
    scene = in_scene(draw(text, kind, colour, rows), 150)
    (plate,) = reader.read(scene)
    box = PlateBox(plate.corners, (200, 220, 150, 50), 0.9)
    assert not reader.contradicts(scene, box, text)
    assert reader.contradicts(scene, box, "豫C97318")


def test_the_second_readers_table_is_the_networks_own(runtime: Runtime) -> None:
    names = ["", *runtime.metadata("ppocr_rec")["character"].split("\n"), " "]
    assert len(names) == COUNT
    assert all(names[at] == symbol for at, symbol in ON_PLATES.items())


@pytest.mark.parametrize(("folder", "least"), [("ccpd", 5), ("temporary", 11), ("special_crops", 11)])
def test_real_pictures_are_read(reader: PlateReader, shared: Path, folder: str, least: int) -> None:
    with (shared / "plates" / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["file"].startswith(f"{folder}/")]
    assert sum(row["text"] in texts(reader.read(load(shared / "plates" / row["file"]))) for row in rows) >= least


def load(path: Path) -> NDArray[np.uint8]:
    """A picture file."""
    return np.asarray(cv2.imread(str(path)), np.uint8)


def texts(plates: list[Plate]) -> list[str]:
    """What was read."""
    return [plate.text for plate in plates]
