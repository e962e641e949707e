--- The command line program, for plugins that run programs: its arguments, and what it prints.
local M = {}

--- Reads a Dockerfile from standard input and prints it fixed. Exits with 0 though findings are left.
---@param file string the name that it stands for
function M.fix_args(file)
  return { '-', '--fix', '--quiet', '--exit-zero', '--stdin-filename', file }
end

--- Reads a Dockerfile from standard input and prints what is found, as JSON.
---@param file string the name that it stands for
function M.check_args(file)
  return { '-', '--format', 'json', '--exit-zero', '--stdin-filename', file }
end

local severities = {
  error = vim.diagnostic.severity.ERROR,
  warning = vim.diagnostic.severity.WARN,
  hint = vim.diagnostic.severity.HINT,
}

--- Diagnostics of a buffer from what was printed.
---@param output string
---@param buffer integer
---@return vim.Diagnostic[]
function M.diagnostics(output, buffer)
  -- Lines and columns count from 1, columns in characters; Neovim's count from 0, in bytes.
  local function place(position)
    local line = position.line - 1
    local text = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1] or ''
    local byte = vim.fn.byteidxcomp(text, position.column - 1)
    return line, byte < 0 and #text or byte
  end
  local read, findings = pcall(vim.json.decode, output)
  return vim.tbl_map(function(finding)
    local lnum, col = place(finding.span.start)
    local end_lnum, end_col = place(finding.span['end'])
    return {
      lnum = lnum,
      col = col,
      end_lnum = end_lnum,
      end_col = end_col,
      message = finding.message,
      severity = severities[finding.severity],
      code = finding.rule,
      source = 'dockfix',
    }
  end, read and findings or {})
end

return M
