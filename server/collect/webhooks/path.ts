/** Where a product sends to, below the address of the installation. The company is named, as nobody is signed in. */
export function endpointPath(tenantId: string, id: string): string {
  return `/v1/webhooks/${tenantId}/${id}`
}
