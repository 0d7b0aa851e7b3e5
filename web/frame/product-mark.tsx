/** The two rings of the product, always with a name beside them. */
export function ProductMark() {
  return (
    <svg className="k-icon" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="6" cy="8" r="3.75" />
      <circle cx="10" cy="8" r="3.75" />
    </svg>
  )
}
