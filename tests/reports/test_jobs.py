"""Jobs: the row is the truth. Ordered once, taken once, kept alive, found again when dead, ended in words."""

import threading
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, connections
from kombu import Connection, pools

from phongtho_thidua.celery import app
from phongtho_thidua.lib import clock
from reports import tasks
from reports.models import Job, JobState
from reports.services.jobs import start_job
from units.models import Notification
from units.notify import tell

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="races need row locks")
LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def orderer(account, unit_of):
    return account("orderer", "officer", unit_of("phong-noi-vu"))


@pytest.fixture
def broker(monkeypatch):
    """A broker in memory; `broker()` gives the ids it was asked to wake a worker for since the last look."""
    use_broker(monkeypatch, "memory://")

    def rung():
        with Connection("memory://") as link, link.SimpleQueue("celery") as queue:
            messages = [queue.get_nowait() for _ in range(queue.qsize())]
            for message in messages:
                message.ack()
            return [message.payload[0][0] for message in messages]

    rung()
    yield rung
    pools.reset()


def wait_for_bells():
    for thread in threading.enumerate():
        if thread.name.startswith("bell of"):
            thread.join()


def use_broker(monkeypatch, url):
    pools.reset()
    monkeypatch.setattr(app.conf, "broker_write_url", url)
    monkeypatch.setitem(app.conf, "broker_transport", None)  # embedded, the queue of files is named apart from the url
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


@pytest.fixture
def work(monkeypatch):
    """`work(make)` registers work of kind "probe"; its `failures` are the sentences that were told."""
    failures = []

    def register(make):
        probe = tasks.Work(make=make, tell_failure=lambda job, sentence: failures.append(sentence))
        monkeypatch.setitem(tasks.WORK, "probe", probe)
        return failures

    return register


def a_job(orderer, **fields):
    return Job.objects.create(kind="probe", key="1", owner=orderer, **fields)


def running(orderer, **fields):
    job = a_job(orderer, **fields)
    assert job.claim()
    return job


def silent_since_long(job):
    Job.objects.filter(pk=job.pk).update(beat_at=clock.machine_now() - LONG_AGO)


def give_to_another_worker(job):
    silent_since_long(job)
    assert Job.objects.get(pk=job.pk).requeue()
    assert Job.objects.get(pk=job.pk).claim()


# --- ordering ---------------------------------------------------------------------------------------------------------


def test_the_same_work_ordered_twice_is_one_job(orderer):
    first, first_is_new = start_job(kind="probe", key="1", params={"a": 1}, by=orderer)
    second, second_is_new = start_job(kind="probe", key="1", params={"a": 2}, by=orderer)
    assert (first, first_is_new, second_is_new) == (second, True, False)
    assert Job.objects.get().params == {"a": 1}


def test_work_that_has_ended_can_be_ordered_again(orderer):
    first, _ = start_job(kind="probe", key="1", params={}, by=orderer)
    assert first.claim()
    assert first.finish(JobState.FAILED, error="x")
    second, is_new = start_job(kind="probe", key="1", params={}, by=orderer)
    assert is_new
    assert second != first


def test_an_order_rings_only_after_the_commit(orderer, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        job, _ = start_job(kind="probe", key="1", params={}, by=orderer)
        start_job(kind="probe", key="1", params={}, by=orderer)
    assert broker() == []
    assert len(callbacks) == 1
    callbacks[0]()
    wait_for_bells()
    assert broker() == [str(job.pk)]


def test_a_broker_that_is_down_leaves_the_order_stored(
    orderer, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    use_broker(monkeypatch, "redis://127.0.0.1:1/0")
    with django_capture_on_commit_callbacks(execute=True):
        job, _ = start_job(kind="probe", key="1", params={}, by=orderer)
    wait_for_bells()
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED
    assert [record.getMessage().split(":")[0] for record in caplog.records if record.name == "reports.tasks"] == [
        f"job {job.pk} waits"
    ]
    pools.reset()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_orders_at_the_same_moment_are_one_job(orderer):
    made = in_threads(2, lambda: start_job(kind="probe", key="1", params={}, by=orderer))
    assert sorted(is_new for _, is_new in made) == [False, True]
    assert len({job.pk for job, _ in made}) == 1


def in_threads(count, deed):
    """What `deed` gives in each of `count` threads that begin together."""
    gate, given = threading.Barrier(count), []

    def run():
        try:
            gate.wait()
            given.append(deed())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == count
    return given


# --- carrying out -----------------------------------------------------------------------------------------------------


def test_a_message_delivered_twice_does_the_work_once(orderer, work):
    done = []
    work(lambda job, progress: lambda: done.append(job.pk) or {"n": len(done)})
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert done == [job.pk]
    assert (job.state, job.result, job.attempts) == (JobState.DONE, {"n": 1}, 1)


def test_a_message_for_a_job_that_is_gone_does_nothing():
    tasks.run_job("00000000-0000-0000-0000-000000000000")


def test_progress_is_seen_while_the_job_runs(orderer, work):
    seen = []

    def make(job, progress):
        progress.plan(["Một", "Hai"])
        with progress.step("Một"):
            pass
        seen.append(Job.objects.values_list("state", "steps", "done").get(pk=job.pk))
        with progress.step("Hai"):
            pass
        return dict

    work(make)
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert seen == [(JobState.RUNNING, ["Một", "Hai"], 1)]
    assert (job.state, job.done) == (JobState.DONE, 2)


def failing(error, title="Khen thưởng"):
    def make(job, progress):
        progress.plan([title])
        with progress.step(title):
            raise error

    return make


def test_a_failing_step_ends_in_a_sentence_that_names_it_and_a_traceback_in_the_log(orderer, work, caplog):
    failures = work(failing(KeyError("secret detail")))
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error == (
        f"Chưa lập được phần “Khen thưởng”. Số liệu giữ nguyên. "
        f"Chạy lại, hoặc báo mã {str(job.pk)[:8]} cho quản trị viên."
    )
    assert failures == [job.error]
    assert "secret detail" in caplog.text


def test_a_step_that_takes_too_long_says_so(orderer, work):
    failures = work(failing(SoftTimeLimitExceeded()))
    tasks.run_job(str(a_job(orderer).pk))
    assert failures == ["Chưa lập được phần “Khen thưởng”: quá 15 phút. Số liệu giữ nguyên."]


def test_a_job_of_an_unknown_kind_fails_in_words(orderer):
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error.startswith("Chưa lập được văn bản.")


def test_a_worker_whose_job_was_taken_away_stops_at_its_next_word(orderer, work):
    after = []

    def make(job, progress):
        progress.plan(["Một", "Hai"])
        give_to_another_worker(job)
        with progress.step("Một"):
            pass
        after.append("went on")

    failures = work(make)
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.RUNNING, 2, "")
    assert (after, failures) == ([], [])


def test_a_worker_whose_job_was_taken_away_at_the_end_leaves_no_trace(orderer, work):
    def make(job, progress):
        give_to_another_worker(job)

        def deliver():
            tell([orderer], kind="probe", text="must not stay")
            return {}

        return deliver

    work(make)
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 2)
    assert not Notification.objects.exists()


def test_an_outcome_that_cannot_be_written_leaves_no_half_of_it(orderer, work):
    def deliver():
        tell([orderer], kind="probe", text="must not stay")
        raise OSError("disk full")

    work(lambda job, progress: deliver)
    job = a_job(orderer)
    tasks.run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_heart_beats_through_a_long_step_and_stops_with_it(orderer):
    job = running(orderer)
    silent_since_long(job)
    beaten = threading.Event()
    with tasks.beating(job, every=0.01):
        for _ in range(500):
            if Job.objects.get(pk=job.pk).beat_at > clock.machine_now() - LONG_AGO / 2:
                beaten.set()
                break
            threading.Event().wait(0.01)
    assert beaten.is_set()
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("heart")] == []


# --- the sweeper ------------------------------------------------------------------------------------------------------


def test_a_dead_job_waits_and_rings_again(orderer, broker):
    job = running(orderer)
    silent_since_long(job)
    tasks.sweep_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.beat_at) == (JobState.QUEUED, 1, None)
    assert broker() == [str(job.pk)]


def test_a_job_that_beats_is_left_alone(orderer, broker):
    job = running(orderer)
    tasks.sweep_jobs()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    assert broker() == []


def test_a_job_that_killed_three_workers_fails_in_words(orderer, broker, work):
    failures = work(lambda job, progress: dict)
    job = a_job(orderer)
    states = []
    for _ in range(3):
        assert Job.objects.get(pk=job.pk).claim()
        silent_since_long(job)
        tasks.sweep_jobs()
        states.append(Job.objects.get(pk=job.pk).state)
    job.refresh_from_db()
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert job.finished_at is not None
    assert failures == [job.error]
    assert "3 lần" in job.error


def test_an_unheard_job_rings_again_once_in_a_while(orderer, broker):
    job = a_job(orderer, rung_at=clock.machine_now() - LONG_AGO)
    fresh = Job.objects.create(kind="probe", key="2", owner=orderer)
    tasks.sweep_jobs()
    tasks.sweep_jobs()
    assert broker() == [str(job.pk)]
    assert Job.objects.get(pk=fresh.pk).state == JobState.QUEUED


def test_a_sweeper_that_read_too_early_changes_nothing(orderer):
    job = running(orderer)
    silent_since_long(job)
    slow, quick = Job.objects.get(pk=job.pk), Job.objects.get(pk=job.pk)
    assert quick.requeue()
    assert not slow.requeue()
    assert not slow.give_up("x")


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_once_ring_each_job_once(orderer, broker):
    jobs = [Job.objects.create(kind="probe", key=str(n), owner=orderer) for n in range(10)]
    for job in jobs[:5]:
        assert job.claim()
        silent_since_long(job)
    Job.objects.filter(pk__in=[job.pk for job in jobs[5:]]).update(rung_at=clock.machine_now() - LONG_AGO)
    in_threads(2, tasks.sweep_jobs)
    assert sorted(broker()) == sorted(str(job.pk) for job in jobs)


def test_the_clock_of_the_worker_sweeps_and_so_does_its_start():
    from celery.signals import worker_ready

    receivers = [receiver() for _, receiver in worker_ready.receivers if callable(receiver)]
    assert tasks.take_up_what_was_left in receivers
    assert app.conf.beat_schedule["sweep-jobs"]["task"] == tasks.sweep_jobs.name
