"""A view that does nothing, by Django REST framework: what any view of it can reach on this server."""

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
