/** What turning the second factor on or off changes: the session's own answer, and the other sessions, which end. */
export const staleAfterFactor = ['/api/v1/session', '/api/v1/me/sessions', '/api/v1/members']
