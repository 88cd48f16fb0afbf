FROM python:3.11-slim
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY rag rag
COPY ingest ingest
COPY eval eval
COPY api api
# the CPU build of torch; a plain index may bring CUDA libraries of several GB
RUN pip install --no-cache-dir torch==2.13.0 && pip install --no-cache-dir --constraint constraints.txt .
RUN useradd --create-home app && mkdir /data && chown app /data
USER app
ENV REPORT_RAG_DATA_DIR=/data
EXPOSE 8000
CMD ["report-rag", "serve", "--host", "0.0.0.0"]
