from django.urls import path

from cailan.exchange import views

app_name = "exchange"
urlpatterns = [
    path("import", views.imports, name="imports"),
    path("import/template/<slug:name>.<slug:kind>", views.template, name="template"),
    path("import/<int:job_id>", views.one_import, name="import"),
    path("import/<int:job_id>/start", views.start, name="start"),
    path("import/<int:job_id>/refused.csv", views.problems, name="problems"),
]
