"""The page of one job behind the link of a message: a PIN opens it, a short-lived pass keeps it open, and nothing else.

There is no sign-in at three in the morning. The pass is a cookie of this one link; once the job is over it opens
nothing any more, and what was tapped before that still counts.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from alerting.commands import AcceptJob, DeclineJob
from alerting.dispatch.job import UNANSWERED, Job
from alerting.duty.escalation import is_accepted_by
from alerting.incidents.conditions import RESPONDER
from alerting.model import IncidentState
from dashboard.i18n import ROOM
from dashboard.job_card import ETAS_MIN, card_of, job_of
from dashboard.job_form import ON_THE_CARD, STAGES
from dashboard.pages.steps import carry_out, once_key, told
from dashboard.refusal_words import REFUSALS
from dashboard.sign_in import JOB_PASS
from dashboard.site import Site, checked_form, site_of, wants_json
from dashboard.speech import Speech
from gateway.desk.contract import Answer, IncidentView
from gateway.paging.outside import PageLink, Told

router = APIRouter()

Found = tuple[IncidentView, Job]
"""An incident, and the job of whom a link is for."""

JOB_COOKIE = "nuanhu_job"
WITH_A_JOB = "x-job"
"""Header of a page that a telephone may keep while there is no network."""
STATUS = {"wrong_pin": 401, "wait": 429, "no_pin": 409}
LONGEST_WHY = 500


@router.get("/p/keep.js")
async def keeper() -> Response:
    """The script that keeps the page of a job on the telephone; served here, because that is as far as it may see."""
    return keep_script("/p/")


def keep_script(scope: str) -> Response:
    """The script that keeps the page of a job, for the pages below this path."""
    headers = {"Service-Worker-Allowed": scope}
    return FileResponse(ROOM / "static" / "keep.js", media_type="text/javascript", headers=headers)


async def theirs(site: Site, link: PageLink) -> Found | None:
    """The job that a link leads to, as it stands; None when it leads to a page that may be accepted, or to nothing."""
    view = await site.desk.incident(link.incident) if link.responder else None
    job = job_of(view.incident, link.responder) if view is not None else None
    if view is None or job is None or (job.is_over and not link.of_job):
        return None
    return view, job


def _is_over(view: IncidentView, job: Job) -> bool:
    return job.is_over or view.incident.state is IncidentState.CLOSED


def seed_of(token: str) -> str:
    """To what the forms of a job are bound: they are still good when the pass was given anew."""
    return f"job {token}"


def has_pass(request: Request, site: Site, token: str) -> bool:
    """Whether this browser has opened the link with its PIN."""
    return site.tokens.is_job_pass(request.cookies.get(JOB_COOKIE, ""), token, site.desk.now())


async def shown(request: Request, site: Site, token: str, link: PageLink, found: Found, wrong: str = "") -> Response:
    """The job with its card, where the browser has the pass; else the least, and a form for the PIN."""
    view, job = found
    say = site.speech(request)
    values: dict[str, Any] = {"token": token, "link": link, "wrong": wrong, "etas": ETAS_MIN, "card": None}
    is_over = _is_over(view, job)
    values |= {"is_over": is_over, "job": job, "refused": ""}
    status = 410 if is_over else STATUS.get(wrong, 503) if wrong else 200
    if not is_over and job.is_taken and has_pass(request, site, token):
        refused = request.query_params.get("refused", "")
        values["card"] = await card_of(site, view, job, say)
        values["refused"] = say.refusal(refused) if refused in REFUSALS else ""
        values["job_csrf"] = site.tokens.form_token(seed_of(token))
    answer = site.visitor_page(request, "job_link.html", status=status, speed=site.speed, **values)
    if values["card"] is not None:
        answer.headers[WITH_A_JOB] = "1"
    return answer


async def answer_with_pin(
    request: Request, site: Site, token: str, link: PageLink, found: Found, form: FormData
) -> Response:
    """The PIN was right: accept, say that one cannot, or only open; then the page, by a pass of its own."""
    view, job = found
    incident, person = view.incident, f"{RESPONDER}{link.responder}"
    asked = form.get("answer")
    answer = Answer(incident=incident.id)
    if asked == "declined":
        answer = await declined(site, link, found, one_line(form.get("why")), str(form.get("once", "")))
    elif job.stage in UNANSWERED:
        minutes = str(form.get("eta_min", ""))
        eta_s = int(minutes) * 60 if minutes in {str(it) for it in ETAS_MIN} else 0
        command = AcceptJob(key=incident.key, incident=incident.id, by=person, eta_s=eta_s)
        answer = await site.desk.submit(command, once=once_key(command, str(form.get("once", ""))))
    back = await told(request, site, site.speech(request), answer, f"/p/{token}")
    if answer.done and asked != "declined":
        give_pass(site, back, token)
    return back


def give_pass(site: Site, answer: Response, token: str) -> None:
    """From now on this browser opens this link without the PIN."""
    word = site.tokens.job_pass(token, site.desk.now())
    site.set_cookie(answer, JOB_COOKIE, word, round(JOB_PASS.total_seconds()), path=f"/p/{token}")


async def declined(site: Site, link: PageLink, found: Found, why: str, once: str) -> Answer:
    """They cannot go, or not any more: of a job, or of a page that they had accepted."""
    incident, person = found[0].incident, f"{RESPONDER}{link.responder}"
    if incident.job_of(link.responder) is not None and not is_accepted_by(incident, person):
        command = DeclineJob(key=incident.key, incident=incident.id, by=person, text=why)
        return await site.desk.submit(command, once=once_key(command, once))
    heard: Told = await site.desk.page_told(link.reference, "declined", "link", once=f"link {once[:40]}", why=why)
    return Answer(incident=incident.id, refused=heard.refused, recorded=heard.recorded)


@router.post("/p/{token}/{step}")
async def tap(request: Request, token: str, step: str) -> Response:
    """One tap of whoever has the pass, also one that waited for a network.

    401: the PIN is wanted first; a script keeps the tap until then. Of a job that is over only how far they had come
    counts; anything else is 410.
    """
    site = site_of(request)
    if not site.links.lets("all"):
        raise HTTPException(429)
    if step not in ON_THE_CARD:
        raise HTTPException(404)
    say, link = site.speech(request), await site.desk.page_link(token)
    if link is None:
        return _gone(request, say, token)
    if not has_pass(request, site, token):
        if wants_json(request):
            raise HTTPException(401)
        return RedirectResponse(f"/p/{token}", 303)
    view = await site.desk.incident(link.incident)
    job = job_of(view.incident, link.responder) if view is not None and link.responder else None
    if view is None or job is None or (_is_over(view, job) and step not in STAGES):
        return _gone(request, say, token)
    if step == "cannot_go":
        form = await checked_form(request, seed_of(token))
        answer = await declined(site, link, (view, job), one_line(form.get("text")), str(form.get("once", "")))
    else:
        answer = await carry_out(site, seed_of(token), request, view, step, f"{RESPONDER}{link.responder}")
    return await told(request, site, say, answer, f"/p/{token}")


def _gone(request: Request, say: Speech, token: str) -> Response:
    """The job is over: a script says so beside what was tapped."""
    if not wants_json(request):
        return RedirectResponse(f"/p/{token}", 303)
    return JSONResponse({"done": False, "refused": "job_over", "message": say.refusal("job_over")}, 410)


def one_line(text: object) -> str:
    """What somebody typed, as one line of bounded length; empty where there is nothing."""
    return " ".join(str(text or "").split())[:LONGEST_WHY]
