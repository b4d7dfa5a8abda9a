import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { Icon, type IconName } from "./Icon";

/** One of a few: a labelled button that opens a list. */
export function Choice<K extends string>({
  label,
  icon,
  options,
  value,
  onChange,
  hideLabel = false,
}: {
  label: string;
  icon?: IconName;
  options: { id: K; label: string }[];
  value: K;
  onChange: (value: K) => void;
  hideLabel?: boolean;
}) {
  return (
    <Select className="field choice" value={value} onChange={(key) => onChange(key as K)}>
      <Label className={hideLabel ? "visually-hidden" : "field-label"}>{label}</Label>
      <Button className="input choice-button">
        {icon && <Icon name={icon} size={18} />}
        <SelectValue className="choice-value" />
        <Icon name="down" size={16} />
      </Button>
      <Popover className="popover">
        <ListBox className="list-box" items={options}>
          {(option) => (
            <ListBoxItem className="list-item" id={option.id} textValue={option.label}>
              {({ isSelected }) => (
                <>
                  <span>{option.label}</span>
                  {isSelected && <Icon name="check" size={18} />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
