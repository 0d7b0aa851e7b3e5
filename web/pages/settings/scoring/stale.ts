/** What is another thing after rules or settings changed. */
export const stale = ['/api/v1/automation', '/api/v1/contacts']
