from django.urls import path, re_path

from cailan.quality.views import certificates, limits, reports, samples, self_testing

app_name = "quality"
urlpatterns = [
    path("limits", limits.limits, name="limits"),
    path("limits/import", limits.import_limits, name="import_limits"),
    path("limits/template.csv", limits.template, name="limits_template"),
    path("samples", samples.worklist, name="worklist"),
    path("samples/<int:sample_id>", samples.sample, name="sample"),
    path("samples/<int:sample_id>/judge", samples.judge, name="judge"),
    path("laboratory", reports.laboratory, name="laboratory"),
    path("reports/<int:report_id>", reports.report, name="report"),
    path("results", reports.results, name="results"),
    path("results/mine", reports.concerning, name="concerning"),
    path("certificates/<slug:code>", certificates.certificate, name="certificate"),
    path("lots/<slug:code>/self-test", self_testing.self_test, name="self_test"),
    path("lots/<slug:code>/request-test", samples.request_test, name="request_test"),
    path("lots/<slug:code>/sample", samples.take_sample, name="take_sample"),
    path("lots/<slug:code>/certificate", certificates.issue_certificate, name="issue_certificate"),
    path("lots/<slug:code>/certificate/void", certificates.void_certificate, name="void_certificate"),
    path("lots/<slug:code>/labels", certificates.labels_of, name="labels"),
    re_path(
        r"^lots/(?P<code>[0-9A-Za-z_-]+)/label-(?P<what>certificate|basket|paper)\.(?P<output>pdf|zpl)$",
        certificates.label,
        name="label",
    ),
]
