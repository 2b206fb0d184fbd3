"""One log line a request (see `backend.api.logs` for what it never holds), and one shape for the
one refusal that the router writes by itself."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from backend.api.application import method_not_there
from backend.api.logs import requests


class RequestLog:
    """Django middleware that writes the line once the answer's head is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = method_not_there(response)
        if isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
        route = request.resolver_match.route if request.resolver_match else "(no such address)"
        spent = (time.perf_counter() - began) * 1000
        requests.info("%s /%s %d %.1fms", request.method, route, response.status_code, spent)
        return response
