"""A view that does nothing, by Django REST framework: what any view of it can reach on this server. And a slow one."""

import time
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Empty(APIView):
    """Answer a constant to anybody."""

    authentication_classes: ClassVar[list[type]] = []
    permission_classes: ClassVar[list[type]] = []

    def get(self, request: Request) -> Response:
        """Answer a constant."""
        return Response({})


class Slow(Empty):
    """Keep a thread of the server waiting, as a page does that reads a year."""

    def get(self, request: Request) -> Response:
        """Answer a constant after half a second."""
        time.sleep(0.5)
        return Response({})
