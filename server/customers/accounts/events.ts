/** The job that works out anew what follows from changed facts; the module of the figures defines it. */
export const followFactsJob = 'figures.follow'
