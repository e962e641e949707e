// The files that the tests work on.
import { readFileSync } from "node:fs";

/** The Dockerfile of the walkthrough: a small Python application. */
export const example = readFileSync("walkthrough/Dockerfile", "utf8");

/** What it copies. */
export const application = {
  "app.py": "print('hello')\n",
  "requirements.txt": "flask\n",
};

/** Stages that name each other, and the beginning of a `COPY`. */
export const stages = `FROM node:22 AS assets
RUN npm ci && npm run build

FROM python:3.12-slim
COPY --from=assets /dist /srv
`;

/** Letters of one, two and four units of UTF-16 before what is wrong. */
export const letters = `FROM debian:13-slim
LABEL summary="港湾 🐳🛠️ naïve" MAINTAINED=true
# 在构建时安装 🚢
RUN echo "🐳 こんにちは 🇯🇵" && pip install flask  # 👩‍🔧 はい
USER nobody
`;
