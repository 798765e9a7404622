"""What may come: scenarios on the contagion model, and predictive distributions."""
