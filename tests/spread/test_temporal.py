"""The temporal Hawkes fit: against the plain formula, finite differences, simulation, and two other programs."""

from __future__ import annotations

import warnings
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.errors import SpreadError
from spillover.spread.contagion import _ascent
from spillover.spread.contagion.temporal import TemporalHawkes, simulate

BASELINE = np.array([0.3, 0.5, 0.4])
ADJACENCY = np.array([[0.30, 0.10, 0.20], [0.15, 0.40, 0.10], [0.10, 0.20, 0.25]])
DECAY = 0.8


def model(baseline=BASELINE, adjacency=ADJACENCY, decay=DECAY) -> TemporalHawkes:
    """A model that knows its parameters without a fit."""
    made = TemporalHawkes()
    made.baseline_, made.adjacency_, made.decay_ = np.asarray(baseline), np.asarray(adjacency), decay
    return made


def naive(times, groups, baseline, adjacency, decay, start, end) -> float:
    """The log-likelihood as it is written down: every pair, no recursion."""
    total = 0.0
    for i, t in enumerate(times):
        rate = baseline[groups[i]]
        for j, u in enumerate(times):
            if u < t:
                rate += adjacency[groups[i], groups[j]] * decay * np.exp(-decay * (t - u))
        total += np.log(rate)
    expected = baseline.sum() * (end - start)
    for j, u in enumerate(times):
        expected += adjacency[:, groups[j]].sum() * (1 - np.exp(-decay * (end - u)))
    return total - expected


@pytest.fixture(scope="module")
def events():
    return simulate(BASELINE, ADJACENCY, DECAY, end=4000, seed=7)


@pytest.fixture(scope="module")
def fitted(events):
    return TemporalHawkes().fit(events.times, events.groups, end=4000)


def peer(name: str) -> ModuleType:
    """Another program; what it warns of when it is imported is not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason=f"{name} is not installed: nothing to compare with")


@st.composite
def small(draw):
    m = draw(st.integers(1, 4))
    n = draw(st.integers(1, 40))
    # quarters of days: many events share their time
    times = np.array(draw(st.lists(st.integers(-40, 200), min_size=n, max_size=n))) / 4
    groups = np.array(draw(st.lists(st.integers(0, m - 1), min_size=n, max_size=n)))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    adjacency = rng.uniform(0, 0.8, (m, m)) * (rng.random((m, m)) < 0.7)
    return times, groups, rng.uniform(0.01, 2, m), adjacency, float(np.exp(rng.uniform(-5, 3)))


@given(small(), st.floats(0, 20))
@settings(max_examples=80, deadline=None)
def test_log_likelihood_is_that_of_the_plain_formula(case, tail):
    times, groups, baseline, adjacency, decay = case
    end = times.max() + tail + 0.25
    expected = naive(times, groups, baseline, adjacency, decay, -12.0, end)
    found = model(baseline, adjacency, decay).score(times, groups, end=end, start=-12.0) * len(times)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(small())
@settings(max_examples=40, deadline=None)
def test_gradient_and_information_by_finite_differences(case):
    times, groups, baseline, adjacency, decay = case
    m = len(baseline)
    data = _ascent.checked(times, groups, m, -12.0, times.max() + 3, fewest=1)
    theta = np.hstack([adjacency, baseline[:, None]])

    def at(point, log_decay):
        return _ascent.evaluate(data, point, log_decay, None)

    here, eta = at(theta, np.log(decay)), np.log(decay)
    assert here.value == pytest.approx(naive(times, groups, baseline, adjacency, decay, -12.0, times.max() + 3))
    for k in range(m):
        for p in range(m + 1):
            h = 1e-5 * max(theta[k, p], 0.01)
            up, down = theta.copy(), theta.copy()
            up[k, p] += h
            down[k, p] -= h
            above, below = at(up, eta), at(down, eta)
            scale = 1 + abs(here.gradient[k]).max() + np.sqrt(here.information[k].max())
            assert (above.value - below.value) / (2 * h) == pytest.approx(here.gradient[k, p], abs=1e-4 * scale)
            bend = (above.gradient[k] - below.gradient[k]) / (2 * h)
            assert -bend == pytest.approx(here.information[k, p], abs=1e-4 * (1 + here.information[k].max()))
    h = 1e-5
    slope = (at(theta, eta + h).value - at(theta, eta - h).value) / (2 * h)
    assert slope == pytest.approx(here.slope, abs=1e-4 * (1 + np.sqrt(here.curvature) + abs(here.slope)))


@given(small())
@settings(max_examples=40, deadline=None)
def test_the_border_of_the_hessian_by_finite_differences(case):
    times, groups, baseline, adjacency, decay = case
    data = _ascent.checked(times, groups, len(baseline), -12.0, times.max() + 3, fewest=1)
    theta, eta, h = np.hstack([adjacency, baseline[:, None]]), np.log(decay), 1e-5
    here, up, down = (_ascent.evaluate(data, theta, e, None) for e in (eta, eta + h, eta - h))
    size = 1 + np.sqrt(here.information.max()) + here.curvature
    assert (down.slope - up.slope) / (2 * h) == pytest.approx(here.true_curvature, abs=1e-4 * size)
    cross = (down.gradient - up.gradient) / (2 * h)
    assert cross == pytest.approx(here.true_border, abs=1e-4 * size)


def test_the_border_of_the_information_is_the_mean_of_the_true_one(events):
    """BHHH replaces what the decay has to do with the rest by its expectation: close to it with 12,000 events."""
    data = _ascent.checked(events.times, events.groups, 3, 0.0, 4000, fewest=1)
    theta, eta = np.hstack([ADJACENCY, BASELINE[:, None]]), np.log(DECAY)
    here = _ascent.evaluate(data, theta, eta, None)
    assert here.true_curvature == pytest.approx(here.curvature, rel=0.2)
    errors = np.sqrt(np.einsum("mkk->mk", here.information))
    assert abs(here.true_border - here.border).max() < 3 * errors.max()


def test_pieces_swept_side_by_side_give_the_same(events, monkeypatch):
    monkeypatch.setattr(_ascent, "_WORK", 1000)
    # days without a fraction: cuts then fall among events of one time
    for times in (events.times, np.floor(events.times)):
        pieces = TemporalHawkes().fit(times, events.groups, end=4000)
        with monkeypatch.context() as one:
            one.setattr(_ascent, "_WORK", 1e18)
            whole = TemporalHawkes().fit(times, events.groups, end=4000)
        assert pieces.log_likelihood_ == pytest.approx(whole.log_likelihood_, rel=1e-12)
        assert pieces.adjacency_ == pytest.approx(whole.adjacency_, abs=1e-7)
    again = TemporalHawkes().fit(times, events.groups, end=4000)
    assert (again.adjacency_ == pieces.adjacency_).all() and again.decay_ == pieces.decay_


def test_simulated_parameters_are_found_again():
    """Over 40 runs the errors are those that the standard errors say: mean 0, spread 1."""
    scores = []
    for seed in range(40):
        run = simulate(BASELINE, ADJACENCY, DECAY, end=1500, seed=seed)
        fit = TemporalHawkes().fit(run.times, run.groups, 3, end=1500)
        error = fit.standard_errors_
        assert fit.converged_
        scores.append(
            np.concatenate(
                [
                    (fit.baseline_ - BASELINE) / error.baseline,
                    ((fit.adjacency_ - ADJACENCY) / error.adjacency).ravel(),
                    [(fit.decay_ - DECAY) / error.decay],
                ]
            )
        )
    assert abs(np.nanmean(scores, axis=0)).max() < 0.55  # 3.5 standard errors of a mean of 40
    assert 0.85 < np.sqrt(np.nanmean(np.square(scores))) < 1.15


def test_what_is_fitted(events, fitted):
    n = len(events.times)
    assert fitted.converged_ and 1 <= fitted.iterations_ < 15 and not fitted.decay_at_edge_
    assert fitted.adjacency_ == pytest.approx(ADJACENCY, abs=0.08)
    assert fitted.decay_ == pytest.approx(DECAY, rel=0.1)
    assert fitted.log_likelihood_ == pytest.approx(fitted.score(events.times, events.groups, end=4000) * n, rel=1e-10)
    assert fitted.spectral_radius_ == pytest.approx(abs(np.linalg.eigvals(fitted.adjacency_)).max())
    # at the optimum every group's expected number of events is the observed one
    assert fitted.compensator(events.times, events.groups, end=4000) == pytest.approx(fitted.counts_, rel=1e-3)
    known = TemporalHawkes(decay=DECAY).fit(events.times, events.groups, end=4000)
    assert known.decay_ == DECAY and known.standard_errors_.decay is None
    assert known.log_likelihood_ < fitted.log_likelihood_ < known.log_likelihood_ + 10


def test_order_and_origin_of_time_do_not_matter(events, fitted):
    mixed = np.random.default_rng(1).permutation(len(events.times))
    other = TemporalHawkes().fit(events.times[mixed] + 1000, events.groups[mixed], 3, end=5000, start=1000)
    assert other.adjacency_ == pytest.approx(fitted.adjacency_, abs=1e-6)
    assert other.log_likelihood_ == pytest.approx(fitted.log_likelihood_, rel=1e-9)


def test_warm_starts_lead_where_a_cold_start_leads(events, fitted, monkeypatch):
    monkeypatch.setattr(_ascent, "_SMALLEST", 10**9)
    cold = TemporalHawkes().fit(events.times, events.groups, end=4000)
    assert cold.log_likelihood_ == pytest.approx(fitted.log_likelihood_, abs=1e-3)
    assert cold.adjacency_ == pytest.approx(fitted.adjacency_, abs=1e-3)


def test_bounds_are_kept_and_have_no_standard_error():
    rng = np.random.default_rng(3)
    adjacency = np.where(rng.random((6, 6)) < 0.2, 0.35, 0.0)
    run = simulate(np.full(6, 0.2), adjacency, 0.5, end=3000, seed=3)
    fit = TemporalHawkes().fit(run.times, run.groups, end=3000)
    zero = fit.adjacency_ == 0
    assert zero.any() and (fit.adjacency_ >= 0).all() and (fit.baseline_ > 0).all() and fit.converged_
    assert (np.isnan(fit.standard_errors_.adjacency) == zero).all()
    data = _ascent.checked(run.times, run.groups, 6, 0.0, 3000, fewest=1)
    theta = np.hstack([fit.adjacency_, fit.baseline_[:, None]])
    gradient = _ascent.evaluate(data, theta, np.log(fit.decay_), None).gradient[:, :6]
    assert (gradient[zero] <= 0).all()  # Karush-Kuhn-Tucker
    assert abs(gradient[~zero] * fit.standard_errors_.adjacency[~zero]).max() < 0.02


def test_compensator_of_the_true_model_is_a_poisson_process_of_rate_one(events):
    found = model().residuals(events.times, events.groups, end=4000)
    assert [len(w) for w in found.waits] == np.bincount(events.groups).tolist() == found.observed.tolist()
    assert all((w >= 0).all() for w in found.waits)
    assert np.array([w.mean() for w in found.waits]) == pytest.approx(1, abs=0.06)
    assert (found.p_value > 0.01).all()
    assert abs(found.expected - found.observed).max() < 4 * np.sqrt(found.observed.max())
    after = np.array([np.corrcoef(w[1:], w[:-1])[0, 1] for w in found.waits])
    assert abs(after).max() < 0.06
    wrong = model(baseline=found.observed / 4000, adjacency=np.zeros((3, 3))).residuals(
        events.times, events.groups, end=4000
    )
    assert (wrong.p_value < 1e-6).all()


def test_residuals_by_the_plain_formula():
    times, groups = np.array([1.0, 2.0, 2.0, 5.0]), np.array([0, 1, 0, 0])
    found = model([0.5, 0.2], [[0.3, 0.4], [0.1, 0.2]], 0.7).residuals(times, groups, end=6.0)

    def reached(t, k):
        past = times < t
        grown = 1 - np.exp(-0.7 * (t - times[past]))
        return [0.5, 0.2][k] * t + (np.array([[0.3, 0.4], [0.1, 0.2]])[k, groups[past]] * grown).sum()

    assert found.waits[0] == pytest.approx(np.diff([0, reached(1, 0), reached(2, 0), reached(5, 0)]))
    assert found.waits[1] == pytest.approx([reached(2, 1)])
    assert np.isnan(found.p_value).all()
    assert found.expected == pytest.approx([reached(6, 0), reached(6, 1)])


def test_events_at_one_time_do_not_trigger_each_other():
    times, groups = np.array([1.0, 1.0, 1.0, 3.0]), np.array([0, 0, 0, 0])
    expected = (
        3 * np.log(0.5) + np.log(0.5 + 3 * 0.4 * 2 * np.exp(-4)) - 2 - 0.4 * (3 * (1 - np.exp(-6)) + 1 - np.exp(-2))
    )
    assert model([0.5], [[0.4]], 2.0).score(times, groups, end=4.0) * 4 == pytest.approx(expected)


def test_whole_days_can_be_fitted_and_the_summary_says_so(events):
    fit = TemporalHawkes().fit(np.floor(events.times), events.groups, end=4000)
    assert fit.converged_ and fit.shared_times_ > 0.9 * len(events.times)
    assert "share their time; such do not trigger each other" in fit.summary()


def test_a_group_without_events_has_zeros():
    run = simulate(BASELINE, ADJACENCY, DECAY, end=800, seed=1)
    fit = TemporalHawkes().fit(run.times, run.groups * 2, n_groups=6, end=800)
    dense = TemporalHawkes().fit(run.times, run.groups, end=800)
    assert fit.adjacency_[::2, ::2] == pytest.approx(dense.adjacency_)
    assert (
        (fit.adjacency_[1::2] == 0).all() and (fit.adjacency_[:, 1::2] == 0).all() and (fit.baseline_[1::2] == 0).all()
    )
    assert np.isnan(fit.standard_errors_.baseline[1::2]).all()
    assert fit.log_likelihood_ == pytest.approx(dense.log_likelihood_)
    assert fit.score([1.0, 2.0], [0, 1]) == -np.inf


def test_a_group_whose_only_event_ends_the_record():
    run = simulate(BASELINE, ADJACENCY, DECAY, end=800, seed=1)
    fit = TemporalHawkes().fit(np.append(run.times, 800.0), np.append(run.groups, 3))
    assert fit.converged_ and np.isfinite(fit.log_likelihood_) and np.isfinite(fit.adjacency_).all()
    assert np.isnan(fit.standard_errors_.adjacency[:, 3]).all()


def test_two_groups_that_always_act_together():
    run = simulate([0.5], [[0.5]], 1.0, end=1000, seed=2)
    fit = TemporalHawkes().fit(np.repeat(run.times, 2), np.tile([0, 1], len(run.times)))
    assert fit.converged_ and fit.adjacency_.sum(axis=1) == pytest.approx([0.5, 0.5], abs=0.12)


def test_poisson_events_show_little_triggering():
    times = np.sort(np.random.default_rng(5).uniform(0, 1000, 3000))
    fit = TemporalHawkes().fit(times, np.zeros(3000, int), end=1000)
    assert fit.converged_ and fit.spectral_radius_ < 0.2
    poisson = 3000 * np.log(3) - 3000
    assert poisson - 0.01 <= fit.log_likelihood_ < poisson + 8


def test_the_fewest_events():
    run = simulate([0.5], [[0.5]], 1.0, end=200, seed=2)
    fit = TemporalHawkes().fit(run.times[:50], run.groups[:50])
    assert np.isfinite(fit.log_likelihood_) and fit.end_ == run.times[49]


def test_progress_is_told_and_can_stop_the_fit(events):
    told = []
    TemporalHawkes().fit(events.times, events.groups, end=4000, progress=lambda i, v: told.append((i, v)))
    assert [i for i, _ in told] == list(range(1, len(told) + 1)) and np.isfinite([v for _, v in told]).all()
    for last in (1, len(told) - 1):
        stopped = TemporalHawkes().fit(events.times, events.groups, end=4000, progress=lambda i, _, last=last: i < last)
        assert not stopped.converged_ and "before it had converged" in stopped.summary()
        assert stopped.log_likelihood_ == pytest.approx(
            stopped.score(events.times, events.groups, end=4000) * len(events.times)
        )
    few = TemporalHawkes(max_iterations=1).fit(events.times, events.groups, end=4000)
    assert not few.converged_ and few.iterations_ == 1


def test_simulation_has_the_mean_of_the_process_and_keeps_to_its_seed():
    mean = 4000 * np.linalg.solve(np.eye(3) - ADJACENCY, BASELINE)
    counts = np.array([np.bincount(simulate(BASELINE, ADJACENCY, DECAY, 4000, seed=s).groups) for s in range(30)])
    assert counts.mean(axis=0) == pytest.approx(mean, rel=0.03)
    one, two = (model().simulate(300, seed=4, start=100.0) for _ in range(2))
    assert (one.times == two.times).all() and (one.groups == two.groups).all()
    assert one.times.min() >= 100 and one.times.max() <= 300 and (np.diff(one.times) >= 0).all() and not one.capped


def test_a_cap_keeps_the_first_events():
    """Up to the cap, capped runs have the same law as whole ones: here the mean time of the 200th event."""
    whole = [simulate(BASELINE, ADJACENCY, DECAY, 1000, seed=s).times[199] for s in range(200)]
    capped = [simulate(BASELINE, ADJACENCY, DECAY, 1000, seed=s, max_events=200) for s in range(1000, 1200)]
    assert all(c.capped and len(c.times) == 200 and c.end == c.times[-1] for c in capped)
    spread = np.sqrt(2 * np.var(whole) / 200)
    assert np.mean(whole) == pytest.approx(np.mean([c.end for c in capped]), abs=4 * spread)


def test_an_explosive_process_needs_a_cap():
    with pytest.raises(SpreadError, match="explodes"):
        simulate([1.0], [[1.1]], 1.0, end=100, seed=1)
    run = simulate([1.0], [[1.5]], 1.0, end=1e6, seed=1, max_events=5000)
    assert run.capped and len(run.times) == 5000


def test_summary_is_a_paragraph(fitted):
    words = fitted.summary()
    assert "\n" not in words and "3 groups over 4,000 days" in words and "not proof of cause" in words
    assert TemporalHawkes().summary() == "Not fitted."
    assert f"{fitted.offspring_per_event_:.2f} events of its own making" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"times": np.arange(49.0), "groups": np.zeros(49, int)}, "49 events are too few"),
        ({"times": np.arange(51.0)}, "differ in length"),
        ({"times": np.arange(100.0).reshape(2, 50)}, "differ in length"),
        ({"times": np.append(np.arange(59.0), np.nan)}, "event 59: a time is missing"),
        ({"times": np.append(np.arange(59.0), np.inf)}, "event 59: a time is missing"),
        ({"times": np.full(60, "x")}, "no numbers"),
        ({"times": np.full(60, 3.0)}, "one time"),
        ({"end": 30.0}, "29 events lie outside the window"),
        ({"start": 10.0}, "10 events lie outside the window"),
        ({"end": np.inf}, "has no length"),
        ({"groups": np.full(60, -1)}, "no group -1"),
        ({"groups": np.full(60, 2), "n_groups": 2}, "no group 2 among 2"),
        ({"groups": np.full(60, 0.5)}, "no integers"),
    ],
)
def test_what_cannot_be_fitted(change, words):
    given = {"times": np.arange(60.0), "groups": np.zeros(60, int)} | change
    with pytest.raises(SpreadError, match=words) as raised:
        TemporalHawkes().fit(**given)
    assert raised.value.to_do


def test_what_cannot_be_asked():
    with pytest.raises(SpreadError, match="not been fitted"):
        TemporalHawkes().score([1.0], [0])
    with pytest.raises(SpreadError, match="not been fitted"):
        TemporalHawkes().simulate(10, seed=1)
    for decay in (0.0, -1.0, np.nan):
        with pytest.raises(SpreadError, match="decay"):
            TemporalHawkes(decay=decay).fit(np.arange(60.0), np.zeros(60, int))
    for baseline, adjacency, decay in (([1.0], [[-0.1]], 1.0), ([np.nan], [[0.1]], 1.0), ([1.0], [[0.1]], 0.0)):
        with pytest.raises(SpreadError, match="cannot be simulated"):
            simulate(baseline, adjacency, decay, end=10, seed=1)
    for adjacency, cap in (([[0.1, 0.1]], None), ([[0.1]], 0)):
        with pytest.raises(SpreadError, match="do not make a process"):
            simulate([1.0], adjacency, 1.0, end=10, seed=1, max_events=cap)


def test_agrees_with_tick(events):
    """tick's adjacency is ours, its kernel A β e^{−βt}; its likelihood is that against a Poisson process of rate 1, and
    its window ends with the last event."""
    hawkes = peer("tick.hawkes")
    by_group = [np.ascontiguousarray(events.times[events.groups == k]) for k in range(3)]
    ours = TemporalHawkes(decay=DECAY).fit(events.times, events.groups)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = hawkes.HawkesExpKern(
            DECAY, gofit="likelihood", penalty="none", solver="svrg", step=1e-2, max_iter=200, tol=1e-10, random_state=1
        ).fit([by_group])
        likelihood = hawkes.ModelHawkesExpKernLogLik(DECAY).fit(by_group)
    assert theirs.baseline == pytest.approx(ours.baseline_, rel=0.03)
    assert theirs.adjacency == pytest.approx(ours.adjacency_, rel=0.03, abs=0.003)
    n, whole = len(events.times), 3 * events.times[-1]
    at_ours = -likelihood.loss(np.append(ours.baseline_, ours.adjacency_.ravel())) * n - whole
    at_theirs = -likelihood.loss(np.append(theirs.baseline, theirs.adjacency.ravel())) * n - whole
    assert at_ours == pytest.approx(ours.log_likelihood_, rel=1e-9)
    assert ours.log_likelihood_ >= at_theirs - 1e-6 * abs(at_theirs)


def test_agrees_with_hawkeslib(events):
    """hawkeslib's matrix is ours turned over, its decay ours. Its EM is given a tolerance at which it arrives."""
    theirs = peer("hawkeslib").MultivariateExpHawkesProcess()
    np.random.seed(1)  # it starts from this generator
    reached = theirs.fit(events.times, events.groups, 4000.0, reltol=1e-10, maxiter=20000)
    baseline, adjacency, decay = theirs.get_params()
    ours = TemporalHawkes().fit(events.times, events.groups, end=4000)
    assert decay == pytest.approx(ours.decay_, rel=0.03)
    assert baseline == pytest.approx(ours.baseline_, rel=0.03)
    matrix = adjacency.T
    assert matrix == pytest.approx(ours.adjacency_, rel=0.03, abs=0.003)
    assert theirs.log_likelihood(events.times, events.groups, 4000.0) == pytest.approx(reached, rel=1e-6)
    at_theirs = model(baseline, adjacency.T, decay).score(events.times, events.groups, end=4000) * len(events.times)
    assert ours.log_likelihood_ >= at_theirs - 1e-6 * abs(at_theirs)
    theirs.set_params(ours.baseline_, ours.adjacency_.T, ours.decay_)
    assert theirs.log_likelihood(events.times, events.groups, 4000.0) == pytest.approx(ours.log_likelihood_, rel=1e-6)
