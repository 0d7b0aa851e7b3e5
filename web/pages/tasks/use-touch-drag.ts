import { type RefObject, useEffect, useRef } from 'react'

/** So long a finger rests before it carries: shorter is a tap or the beginning of scrolling. */
const rest = 250
/** So far it may stray meanwhile. */
const stray = 8
/** So near the edge of the window the page moves along. */
const edge = 72

interface TouchDrag {
  /** Where a card can be laid down: elements with this attribute, whose value says where that is. */
  attribute: string
  onDrop: (target: string) => void
  disabled: boolean
}

/** A card is carried by a finger that rests on it; browsers drag by the mouse only. @returns to be put on the card */
export function useTouchDrag<Card extends HTMLElement>({
  attribute,
  onDrop,
  disabled,
}: TouchDrag): RefObject<Card | null> {
  const card = useRef<Card>(null)
  const drop = useRef(onDrop)
  drop.current = onDrop
  useEffect(() => {
    const element = card.current
    if (!element || disabled) return
    let from: { x: number; y: number; scroll: number } | undefined
    let timer: number | undefined
    let carried = false
    let target: Element | undefined
    const aim = (next: Element | undefined) => {
      if (next === target) return
      target?.removeAttribute('data-aim')
      next?.setAttribute('data-aim', '')
      target = next
    }
    const end = () => {
      window.clearTimeout(timer)
      aim(undefined)
      element.removeAttribute('data-carried')
      element.style.removeProperty('translate')
      from = undefined
      carried = false
    }
    const start = (event: TouchEvent) => {
      const [touch] = event.touches
      if (event.touches.length !== 1 || !touch) return end()
      from = { x: touch.clientX, y: touch.clientY, scroll: window.scrollY }
      timer = window.setTimeout(() => {
        carried = true
        element.setAttribute('data-carried', '')
      }, rest)
    }
    const move = (event: TouchEvent) => {
      const [touch] = event.touches
      if (!from || !touch) return
      const { clientX: x, clientY: y } = touch
      if (!carried) {
        if (Math.hypot(x - from.x, y - from.y) > stray) end()
        return
      }
      event.preventDefault()
      if (y < edge) window.scrollBy(0, -12)
      else if (y > window.innerHeight - edge) window.scrollBy(0, 12)
      element.style.translate = `${x - from.x}px ${y - from.y + window.scrollY - from.scroll}px`
      aim(document.elementFromPoint(x, y)?.closest(`[${attribute}]`) ?? undefined)
    }
    const release = (event: TouchEvent) => {
      const place = carried ? target?.getAttribute(attribute) : undefined
      // What was carried is not tapped.
      if (carried) event.preventDefault()
      end()
      if (place) drop.current(place)
    }
    const menu = (event: Event) => from && event.preventDefault()
    element.addEventListener('touchstart', start, { passive: true })
    element.addEventListener('touchmove', move, { passive: false })
    element.addEventListener('touchend', release)
    element.addEventListener('touchcancel', end)
    element.addEventListener('contextmenu', menu)
    return () => {
      end()
      element.removeEventListener('touchstart', start)
      element.removeEventListener('touchmove', move)
      element.removeEventListener('touchend', release)
      element.removeEventListener('touchcancel', end)
      element.removeEventListener('contextmenu', menu)
    }
  }, [attribute, disabled])
  return card
}
