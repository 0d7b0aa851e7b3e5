/** Announced when customers came to show signals or no longer show them: those whose rows begin or end at `at`. */
export const signalsMoved = 'risk_signals.moved'
