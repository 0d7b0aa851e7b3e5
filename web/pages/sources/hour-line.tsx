/** A day of a source in the height of a row: counts by hour, this hour last. */
export function HourLine({ hours, label }: { hours: readonly number[]; label: string }) {
  const most = Math.max(1, ...hours)
  const at = (count: number, index: number) => `${(index * 72) / (hours.length - 1) + 2},${18 - (count / most) * 16}`
  const [x, y] = at(hours.at(-1) ?? 0, hours.length - 1).split(',')
  return (
    <svg className="d-line" viewBox="0 0 76 20" role="img" aria-label={label}>
      <polyline points={hours.map(at).join(' ')} />
      <circle cx={x} cy={y} r="1.8" />
    </svg>
  )
}
