"""What a page asks by itself, and what makes it an app of the device."""

from django.urls import path

from omni.desk import live, scanner

urlpatterns = [
    path("pulse/", live.pulse, name="pulse"),
    path("ops/<str:key>/", live.operation, name="operation"),
    path("manifest.webmanifest", live.manifest, name="manifest"),
    path("sw.js", live.service_worker, name="service-worker"),
    path("offline/", live.offline, name="offline"),
    path("scanner/", scanner.scanner_test, name="scanner-test"),
]
