"""Pages of projects for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.projects.models import Meeting, Problem, ProblemBox, Project
square = Project.objects.get(title__startswith="河园村")
park = Project.objects.get(station=station)
box = ProblemBox.objects.get(opened=True)
answered = Problem.objects.filter(station=box.station, state="not_ours").first()
answer |= {
    "square": str(square.pk), "square_token": square.token, "park": str(park.pk), "box_token": box.token,
    "problem": str(answered.pk), "problem_token": answered.token,
    "meeting": str(Meeting.objects.filter(project=park).first().pk),
    "park_line": str(park.lines.filter(kind="cash").first().pk),
    "milestone": str(park.milestones.first().pk), "stakeholder": str(park.stakeholders.first().pk),
}
"""
# page: who looks, and at which address; {…} from IDS
PAGES: dict[str, tuple[str, str]] = {
    "projects": ("worker", "/projects/"),
    "projects-supervisor": ("supervisor", "/projects/"),
    "project": ("worker", "/projects/{park}/"),
    "project-square": ("supervisor", "/projects/{square}/"),
    "project-officer": ("officer", "/projects/{square}/"),
    "project-new": ("worker", "/projects/new"),
    "project-outcome": ("worker", "/projects/{park}/outcome"),
    "ledger-cash": ("worker", "/projects/{park}/ledger/cash"),
    "ledger-goods": ("worker", "/projects/{park}/ledger/goods"),
    "ledger-line": ("worker", "/projects/ledger/{park_line}/"),
    "ledger-reverse": ("worker", "/projects/ledger/{park_line}/reverse"),
    "milestone": ("worker", "/projects/milestones/{milestone}/"),
    "stakeholder": ("worker", "/projects/stakeholders/{stakeholder}/"),
    "meeting-new": ("worker", "/meetings/new?project={park}"),
    "meeting": ("worker", "/meetings/{meeting}/"),
    "problems": ("worker", "/problems/"),
    "problem": ("supervisor", "/problems/{problem}/"),
    "problem-new": ("worker", "/problems/new"),
    "village-matters": ("worker", "/village-matters/{box_token}"),
    "village-answer": ("worker", "/village-matters/answer/{problem_token}"),
    "square": ("worker", "/square/{square_token}"),
}
