"""The archive's own distribution functions against SciPy's."""

import numpy as np
import pytest
import scipy.special as theirs

from materiality.archive import special as ours

DF = np.array([1.0, 1.5, 2.0, 3.7, 5.0, 12.25, 29.9, 30.0, 120.5, 5000.0, 1e6, np.inf])
P = np.array([1e-6, 0.005, 0.025, 0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 0.975, 0.995, 1 - 1e-6])
T = np.linspace(-8, 8, 33)
X = np.array([0.0, 1e-9, 0.3, 1.0, 2.5, 7.0, 19.0, 60.0, 400.0])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ndtr", (T,)),
        ("ndtri", (P,)),
        ("ndtri", (np.array([0.0, 1.0, np.nan]),)),
        ("stdtr", (DF[:, None], T)),
        ("stdtrit", (DF[:, None], P)),
        ("chdtrc", (np.array([1.0, 2.0, 5.0, 13.0, 100.0])[:, None], X)),
        ("fdtri", (2.0, DF[:-1, None], P)),
        ("gammaincinv", (np.array([0.5, 1.0, 1.5, 7.0, 14.5])[:, None], P)),
        ("betaincinv", (np.array([0.5, 1.5, 8.0])[:, None], 3.5, P)),
    ],
)
def test_a_function_agrees_with_scipy_to_ten_digits(name, arguments):
    result = getattr(ours, name)(*arguments)
    expected = getattr(theirs, name)(*arguments)

    np.testing.assert_allclose(result, expected, rtol=1e-10, atol=1e-13)


def test_it_speaks_up_where_it_has_nothing_to_say():
    with pytest.raises(ValueError, match="two degrees"):
        ours.fdtri(3, 5, 0.5)
