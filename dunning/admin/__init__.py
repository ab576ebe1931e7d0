"""Managers' pages: ladders, the playbook of calls, and the logs of cases."""

from dunning.admin import ladders as ladders
from dunning.admin import playbook as playbook
