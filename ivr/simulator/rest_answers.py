"""Shapes as answers of the local Twilio's REST: one of them, or a page of many. It knows no resource."""

from flask import Response, jsonify, request

from ivr.simulator.rest_shapes import Shape, page_shape


def page(name: str, shapes: list[Shape]) -> Response:
    """The page of a list that the request asks for."""
    size = min(max(int(request.args.get("PageSize", "50")), 1), 1000)
    return shaped(page_shape(name, shapes, request.path, int(request.args.get("Page", "0")), size))


def shaped(shape: Shape, status: int = 200) -> Response:
    """One shape as JSON."""
    response = jsonify(shape)
    response.status_code = status
    return response
