"""Map projections onto our two base drawings: the Bay Area's region and the whole country."""

from dataclasses import dataclass
from math import cos, radians, sin, sqrt


@dataclass(frozen=True, slots=True)
class Frame:
    """One base drawing: its size in drawing units, and how kilometres become units."""

    name: str
    width: float
    height: float
    scale: float  # units per radian of the projection
    left: float  # projected x of the drawing's left edge, radians
    top: float  # projected y of the drawing's upper edge, radians


REGION_LATITUDE = radians(22.9)
REGION = Frame("region", 640.0, 490.0, 5090.0, radians(109.5) * cos(REGION_LATITUDE), radians(25.65))
COUNTRY = Frame("country", 400.0, 455.0, 505.0, -0.424, 0.337)

# Albers equal-area conic with the parallels usual for maps of China: 25°N and 47°N, centred on 105°E.
_SOUTH, _NORTH, _ORIGIN, _MERIDIAN = radians(25), radians(47), radians(36), radians(105)
_CONE = (sin(_SOUTH) + sin(_NORTH)) / 2
_C = cos(_SOUTH) ** 2 + 2 * _CONE * sin(_SOUTH)
_RHO_ORIGIN = sqrt(_C - 2 * _CONE * sin(_ORIGIN)) / _CONE


def to_region(longitude: float, latitude: float) -> tuple[float, float]:
    """Return drawing units on the region's drawing for a WGS84 point (equirectangular at 22.9°N)."""
    x = radians(longitude) * cos(REGION_LATITUDE)
    return _place(REGION, x, radians(latitude))


def to_country(longitude: float, latitude: float) -> tuple[float, float]:
    """Return drawing units on the country's drawing for a WGS84 point (Albers, 25°N and 47°N)."""
    rho = sqrt(_C - 2 * _CONE * sin(radians(latitude))) / _CONE
    theta = _CONE * (radians(longitude) - _MERIDIAN)
    return _place(COUNTRY, rho * sin(theta), _RHO_ORIGIN - rho * cos(theta))


def is_inside(frame: Frame, point: tuple[float, float]) -> bool:
    """Say whether a projected point lies on the drawing."""
    return 0 <= point[0] <= frame.width and 0 <= point[1] <= frame.height


def _place(frame: Frame, x: float, y: float) -> tuple[float, float]:
    return (x - frame.left) * frame.scale, (frame.top - y) * frame.scale
