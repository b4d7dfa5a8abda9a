import type { paths } from "./schema";

type Method = "get" | "post" | "patch" | "delete";
type Json<R> = R extends { content: { "application/json": infer T } } ? T : never;

/** What a route answers on success, read from the server's own description. */
type Answer<P extends keyof paths, M extends Method> = paths[P][M] extends { responses: infer R }
  ? Json<R[keyof R & (200 | 201 | 202)]>
  : never;

export type Session = Answer<"/api/session", "post">;
export type Person = Session["person"];
export type Role = Person["role"];
export type PersonRow = Answer<"/api/people", "get">["people"][number];
export type ServerStatus = Answer<"/api/status", "get">;
export type CallList = Answer<"/api/calls", "get">;
export type CallRow = CallList["calls"][number];
export type CallRecord = Answer<"/api/calls/{call_id}", "get">;
export type TurnRecord = CallRecord["turns"][number];
export type CitationRecord = TurnRecord["citations"][number];
export type LibraryDocument = Answer<"/api/library/documents", "get">["documents"][number];
export type LibraryDocumentText = Answer<"/api/library/documents/{document_id}", "get">;
export type LibraryPassage = LibraryDocumentText["passages"][number];
export type LibraryFound = Answer<"/api/library/search", "get">["found"][number];
export type Job = Answer<"/api/library/jobs/{job_id}", "get">;
export type AuditPage = Answer<"/api/audit", "get">;
export type AuditRow = AuditPage["events"][number];
export type AuditCheck = Answer<"/api/audit/verify", "get">;
export type IceServers = Answer<"/api/ice-servers", "get">["iceServers"];
