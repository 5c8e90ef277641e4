"""How notebooks are executed: any notebook, knows no plan."""
