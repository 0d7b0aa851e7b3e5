/** Hands a file that was made or fetched here to the person, as a download. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  // The download has begun by then in every browser.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
