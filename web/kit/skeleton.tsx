/** Widths that repeat, so that the rows look like text and not like a grid. */
const widths = ['62%', '44%', '56%', '38%', '50%']

/** The shape of rows that are on their way; nothing moves when they arrive. */
export function SkeletonRows({ rows = 5 }: { rows?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have no other identity
        <div className="k-skeleton-row" key={at}>
          <span className="k-skeleton" style={{ width: widths[at % widths.length] }} />
          <span className="k-skeleton" style={{ width: 64, marginLeft: 'auto' }} />
          <span className="k-skeleton" style={{ width: 80 }} />
        </div>
      ))}
    </div>
  )
}

/** One line of text that is on its way. */
export function SkeletonText({ width = 120 }: { width?: number | string }) {
  return <span className="k-skeleton" style={{ width }} aria-hidden="true" />
}
