"""What comes in: the plan's facts, the evaluator's choices, the observed figures."""
