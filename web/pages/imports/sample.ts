/** Saves a small file of a kind: UTF-8 with the mark that Excel looks for. */
export function saveSample(fileName: string, text: string): void {
  const address = URL.createObjectURL(new Blob([`\ufeff${text}`], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 1_000)
}
