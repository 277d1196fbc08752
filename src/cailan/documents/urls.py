from django.urls import path

from cailan.documents import views

app_name = "documents"
urlpatterns = [
    path("documents", views.documents, name="list"),
    path("documents/<int:document_id>", views.download, name="download"),
]
