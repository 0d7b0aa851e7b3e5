/** The job that works out anew what follows from changed contacts; the module of lead scores defines it. */
export const followContactsJob = 'scoring.follow'
