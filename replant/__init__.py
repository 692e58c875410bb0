"""replant: plan an industrial restructuring and show why the plan holds."""

__version__ = "0.1.0"
