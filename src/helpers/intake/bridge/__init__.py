"""From a plan that ends to the next: what stays, what changes, what is dropped, what is new.

`params/<plan>/bridge.yml` names the plan before and what became of each of its indicators. The
successor is made from a workbook that is filled in from the plan before: last year's values with
their vintage are the baselines, targets are left empty. An indicator whose definition changed needs
one year known in both definitions, because a baseline of the one and a target of the other measure
nothing.
"""

from .form import baseline as baseline, form as form
from .successor import make as make
