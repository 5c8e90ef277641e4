"""What the warm parent has ready for each of its children: an empty drawing."""

from .canvas import prepare

prepare()
