import { useEffect, useRef, useState } from 'react'

/** Tells whether the table is wider than its place, as either changes. */
export function useOverflow() {
  const ref = useRef<HTMLElement>(null)
  const [overflowing, setOverflowing] = useState(false)
  useEffect(() => {
    const place = ref.current
    const table = place?.firstElementChild
    if (!place || !table) return
    const measure = () => setOverflowing(table.scrollWidth > place.clientWidth + 1)
    const observer = new ResizeObserver(measure)
    observer.observe(place)
    observer.observe(table)
    return () => observer.disconnect()
  })
  return { ref, overflowing }
}
