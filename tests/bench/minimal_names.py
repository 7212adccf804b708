"""What the baseline and its visitor both know."""

RATINGS = [f"q{number}" for number in range(14)]
TABLE = (
    "CREATE TABLE IF NOT EXISTS answer (id bigserial PRIMARY KEY, ratings smallint[], comment text)"
)
