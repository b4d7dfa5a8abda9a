import type { ComponentProps, ReactNode } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components";

/** A labelled text box; `error` is read out with it. */
export function Field({
  label,
  hint,
  error,
  type = "text",
  action,
  ...rest
}: {
  label: string;
  hint?: string;
  error?: string;
  action?: ReactNode;
} & Omit<ComponentProps<typeof TextField>, "children" | "className">) {
  return (
    <TextField {...rest} type={type} isInvalid={Boolean(error)} className="field" validationBehavior="aria">
      <Label className="field-label">{label}</Label>
      <span className="field-row">
        <Input className="input" />
        {action}
      </span>
      {hint !== undefined && !error && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      {error && <FieldError className="field-error">{error}</FieldError>}
    </TextField>
  );
}
