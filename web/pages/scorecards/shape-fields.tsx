import type { Shape } from '../../../server/signals/scorecards/contract/definition.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { newShape, scales, shapeKinds } from './draft.ts'
import { NumberInput } from './number-input.tsx'
import { ShapeCurve } from './shape-curve.tsx'

interface ShapeFieldsProps<Kind extends Shape = Shape> {
  shape: Kind
  onChange: (shape: Shape) => void
}

/** How a value becomes 0 to 100 points: a line between bounds, steps, a bent line, or a survey's scale. */
export function ShapeFields({ shape, onChange }: ShapeFieldsProps) {
  const t = useText()
  return (
    <>
      <Field label={t('scorecards.shape')} hint={t(`scorecards.shape.${shape.kind}Hint`)}>
        <Select
          value={shape.kind}
          options={shapeKinds.map(value => ({ value, label: t(`scorecards.shape.${value}`) }))}
          onChange={event => {
            const kind = shapeKinds.find(each => each === event.currentTarget.value)
            if (kind && kind !== shape.kind) onChange(newShape(kind))
          }}
        />
      </Field>
      <ShapeCurve shape={shape} large />
      {shape.kind === 'linear' && (
        <div className="r-two">
          <Field label={t('scorecards.shape.zeroAt')}>
            <NumberInput value={shape.from} onChange={from => onChange({ ...shape, from })} />
          </Field>
          <Field label={t('scorecards.shape.hundredAt')}>
            <NumberInput value={shape.to} onChange={to => onChange({ ...shape, to })} />
          </Field>
        </div>
      )}
      {shape.kind === 'survey' && (
        <Field label={t('scorecards.shape.scale')}>
          <Select
            value={shape.scale}
            options={Object.keys(scales).map(value => ({
              value,
              label: t(`scorecards.scale.${value as keyof typeof scales}`),
            }))}
            onChange={event => {
              const scale = (Object.keys(scales) as (keyof typeof scales)[]).find(
                each => each === event.currentTarget.value,
              )
              if (scale) onChange({ ...shape, scale })
            }}
          />
        </Field>
      )}
      {shape.kind === 'steps' && <StepLines shape={shape} onChange={onChange} />}
      {shape.kind === 'piecewise' && <PointLines shape={shape} onChange={onChange} />}
    </>
  )
}

function StepLines({ shape, onChange }: ShapeFieldsProps<Extract<Shape, { kind: 'steps' }>>) {
  const t = useText()
  type Step = (typeof shape.steps)[number]
  const set = (at: number, step: Step) =>
    onChange({ ...shape, steps: shape.steps.map((each, place) => (place === at ? step : each)) })
  return (
    <div className="s-lines">
      <Field label={t('scorecards.shape.below')}>
        <NumberInput value={shape.below} min={0} max={100} onChange={below => onChange({ ...shape, below })} />
      </Field>
      {shape.steps.map((step, at) => {
        const bound = step.from ?? step.over ?? 0
        const isOver = step.over !== undefined
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other identity than their place
          <div className="s-line" key={at}>
            <Select
              aria-label={t('scorecards.shape.bound', { number: at + 1 })}
              value={isOver ? 'over' : 'from'}
              options={[
                { value: 'from', label: t('scorecards.shape.from') },
                { value: 'over', label: t('scorecards.shape.over') },
              ]}
              onChange={event =>
                set(
                  at,
                  event.currentTarget.value === 'over'
                    ? { over: bound, score: step.score }
                    : { from: bound, score: step.score },
                )
              }
            />
            <NumberInput
              label={t('scorecards.shape.boundOf', { number: at + 1 })}
              value={bound}
              onChange={next => set(at, isOver ? { over: next, score: step.score } : { from: next, score: step.score })}
            />
            <NumberInput
              label={t('scorecards.shape.scoreOf', { number: at + 1 })}
              value={step.score}
              min={0}
              max={100}
              onChange={score => set(at, { ...step, score })}
            />
            <IconButton
              icon="trash"
              label={t('scorecards.shape.removeStep', { number: at + 1 })}
              disabled={shape.steps.length === 1}
              onClick={() => onChange({ ...shape, steps: shape.steps.filter((_, place) => place !== at) })}
            />
          </div>
        )
      })}
      <span>
        <Button
          size="small"
          kind="dashed"
          icon="plus"
          onClick={() => {
            const last = shape.steps.at(-1)
            const bound = (last?.from ?? last?.over ?? 0) + 10
            onChange({ ...shape, steps: [...shape.steps, { from: bound, score: 100 }] })
          }}
        >
          {t('scorecards.shape.addStep')}
        </Button>
      </span>
    </div>
  )
}

function PointLines({ shape, onChange }: ShapeFieldsProps<Extract<Shape, { kind: 'piecewise' }>>) {
  const t = useText()
  const set = (at: number, point: (typeof shape.points)[number]) =>
    onChange({ ...shape, points: shape.points.map((each, place) => (place === at ? point : each)) })
  return (
    <div className="s-lines">
      {shape.points.map((point, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have no other identity than their place
        <div className="s-line" key={at}>
          <span className="text-t3">{at + 1}</span>
          <NumberInput
            label={t('scorecards.shape.valueOf', { number: at + 1 })}
            value={point.at}
            onChange={next => set(at, { ...point, at: next })}
          />
          <NumberInput
            label={t('scorecards.shape.scoreOf', { number: at + 1 })}
            value={point.score}
            min={0}
            max={100}
            onChange={score => set(at, { ...point, score })}
          />
          <IconButton
            icon="trash"
            label={t('scorecards.shape.removePoint', { number: at + 1 })}
            disabled={shape.points.length <= 2}
            onClick={() => onChange({ ...shape, points: shape.points.filter((_, place) => place !== at) })}
          />
        </div>
      ))}
      <span>
        <Button
          size="small"
          kind="dashed"
          icon="plus"
          onClick={() =>
            onChange({ ...shape, points: [...shape.points, { at: (shape.points.at(-1)?.at ?? 0) + 10, score: 100 }] })
          }
        >
          {t('scorecards.shape.addPoint')}
        </Button>
      </span>
    </div>
  )
}
