/** What a change of members makes stale. */
export const staleMembers = ['/api/v1/members', '/api/v1/roles', '/api/v1/teams', '/api/v1/session']
