"""One route for a picture's links to lead to."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def lot(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse(code)


urlpatterns = [path("lots/<str:code>", lot, name="lot")]
