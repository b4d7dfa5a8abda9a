import { type ReactNode, useEffect, useRef } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator, Text } from "react-aria-components";
import { session } from "./api/client";
import type { Person } from "./api/types";
import { useCall } from "./call/useCall";
import { Icon, type IconName } from "./parts/Icon";
import { ROLES } from "./parts/say";
import { StateWord } from "./pages/talk/StateWord";
import { To, navigate, usePlace } from "./route";

/** The frame around every page: where to go, who is signed in, and the call that is going on. */
export function Shell({ person, children }: { person: Person; children: ReactNode }) {
  const { path } = usePlace();
  const main = useRef<HTMLElement>(null);
  const shownPath = useRef(path);
  useEffect(() => {
    // A page that opens is where the keyboard and the screen reader go on.
    if (shownPath.current !== path) main.current?.focus({ preventScroll: true });
    shownPath.current = path;
  }, [path]);
  const pages: { href: string; label: string; icon: IconName }[] = [
    { href: "/", label: "Talk", icon: "mic" },
    { href: "/history", label: "History", icon: "clock" },
    { href: "/library", label: "Library", icon: "book" },
  ];
  if (person.role === "admin") {
    pages.push(
      { href: "/people", label: "People", icon: "people" },
      { href: "/audit", label: "Audit", icon: "shield" },
    );
  }
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <header className="top">
        <div className="top-in">
          <span className="brand">
            <img src="/icon.svg" alt="" width="30" height="30" /> <span className="brand-name">Voice Server</span>
          </span>
          <nav className="nav" aria-label="Pages">
            {pages.map(({ href, label, icon }) => (
              <To key={href} href={href} className="nav-link" current={isUnder(path, href)}>
                <Icon name={icon} /> <span>{label}</span>
              </To>
            ))}
          </nav>
          <Account person={person} />
        </div>
      </header>
      {path !== "/" && <CallBar />}
      <main id="main" ref={main} tabIndex={-1} className={path === "/" ? "main main-talk" : "main"}>
        {children}
      </main>
    </div>
  );
}

function isUnder(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}

function Account({ person }: { person: Person }) {
  const { call } = useCall();
  return (
    <MenuTrigger>
      <Button className="account" aria-label={`Account of ${person.name}`}>
        <span className="avatar" aria-hidden="true">
          {initials(person.name)}
        </span>
        <span className="account-name">{person.name}</span>
        <Icon name="down" size={16} />
      </Button>
      <Popover className="popover" placement="bottom end">
        <div className="account-who">
          <strong>{person.name}</strong>
          <span>{person.email}</span>
          <span className="pill">{ROLES[person.role]}</span>
        </div>
        <Separator className="separator" />
        <Menu className="list-box" aria-label="Account">
          <MenuItem className="list-item" onAction={() => navigate("/password")}>
            <Text slot="label">Change password</Text>
          </MenuItem>
          <MenuItem
            className="list-item"
            onAction={() => {
              call.end();
              void session.signOut();
              navigate("/");
            }}
          >
            <Text slot="label">Sign out</Text>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words.at(0)?.[0] ?? "") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase() || "?";
}

/** The call that goes on while another page is open. */
function CallBar() {
  const { call, view } = useCall();
  if (view.phase === "idle") return null;
  return (
    <aside className="call-bar" aria-label="Call in progress">
      <StateWord view={view} />
      <To href="/" className="button button-quiet">
        Back to the call
      </To>
      <Button className="button button-end" onPress={() => call.end()}>
        <Icon name="end" size={18} /> End
      </Button>
    </aside>
  );
}
