import './kpis.css'

const [width, height, inset] = [104, 28, 3]

/** The last months as a line, the newest as a point; what it says is in its label. */
export function Sparkline({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const known = values.filter(value => value !== null)
  if (known.length < 2) return <span className="text-t3">–</span>
  const [least, most] = [Math.min(...known), Math.max(...known)]
  const span = most - least || 1
  const place = (value: number, at: number) => ({
    x: inset + (at * (width - 2 * inset)) / Math.max(1, values.length - 1),
    y: most === least ? height / 2 : height - inset - ((value - least) * (height - 2 * inset)) / span,
  })
  const points = values.flatMap((value, at) => (value === null ? [] : [place(value, at)]))
  const end = points.at(-1)!
  return (
    <svg
      className="p-spark"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <polyline points={points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      <circle cx={end.x} cy={end.y} r="2.5" />
    </svg>
  )
}
