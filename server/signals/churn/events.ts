/** Announced when customers were judged anew: those whose prediction is of `at` or later. */
export const churnPredicted = 'churn.predicted'

/** Jobs that commands of this module ask for. */
export const trainJob = 'churn.train'
export const predictJob = 'churn.predict'
