-- Rows of a catalog as revision 0001 wrote them; tables as its revision file makes them.
INSERT INTO "reports" VALUES('aaaaaaaaaaaaaaaa','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','宁德时代''s 深度报告','中信证券','2024-03-01','zh',2,'ready','chunker: 1; text repair: 2','宁德','2024-02-29','[[1,"投资要点",0]]','["page 1: damaged image"]','2024-05-06 07:08:09.123456');
INSERT INTO "reports" VALUES('bbbbbbbbbbbbbbbb','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','No date',NULL,NULL,'en',0,'ready','chunker: 1; text repair: 2',NULL,NULL,'[]','[]','2024-05-06 07:08:09.123456');
INSERT INTO "sources" VALUES('/r/a.pdf','aaaaaaaaaaaaaaaa');
INSERT INTO "sources" VALUES('/r/copy.pdf','aaaaaaaaaaaaaaaa');
INSERT INTO "sources" VALUES('/r/b.pdf','bbbbbbbbbbbbbbbb');
INSERT INTO "versions" VALUES(1,'/r/a.pdf','aaaaaaaaaaaaaaaa','2026-11-21 09:01:11.480485',NULL);
INSERT INTO "versions" VALUES(2,'/r/copy.pdf','aaaaaaaaaaaaaaaa','2026-11-21 09:01:11.482491',NULL);
INSERT INTO "versions" VALUES(3,'/r/b.pdf','bbbbbbbbbbbbbbbb','2026-11-21 09:01:11.484577',NULL);
INSERT INTO "pages" VALUES('aaaaaaaaaaaaaaaa',0,'i',595.28,841.89,'text',NULL,'盈利
收入	12.5%','[["h",0,2,14.5,1,[0,2,72,100.5,300.25,112]],["r",3,11,9,0,[3,5,72,120,150,131.5,6,11,160,120,210,131.5]]]');
INSERT INTO "pages" VALUES('aaaaaaaaaaaaaaaa',1,NULL,595.28,841.89,'failed','damaged image','','[]');
INSERT INTO "chunks" VALUES('6f1c0e0a-6e7b-5d43-9f55-2f8b6f6f9a12','aaaaaaaaaaaaaaaa',0,0,'盈利
收入	12.5%','[[0,0,2,[72,100.5,300.25,112]],[0,3,11,[72,120,150,131.5,160,120,210,131.5]]]');
INSERT INTO "failures" VALUES('/r/bad.pdf',NULL,'not a PDF','2026-11-21 09:01:11.485367');
INSERT INTO "digests" VALUES(1,'aaaaaaaaaaaaaaaa','brief','zh','extractive','','extract-4','2024-06-01 12:00:00.000000','[{"heading":"","sentences":[{"text":"收入增长 12.5%。","citations":[{"report":"aaaaaaaaaaaaaaaa","page":0,"label":"i","publisher":"中信证券","title":"宁德时代''s 深度报告","published":"2024-03-01","quote":"收入\t12.5%","boxes":[[72.0,120.0,150.0,131.5]],"verdict":"supported","reason":"every number stands on the page","read_by":"text"}]}]}]','[]');
INSERT INTO "jobs" VALUES(1,'a58c951433a64caaaaacc9a498dd9acd','upload','queued','{}',NULL,'2026-11-21 09:01:11.487751','2026-11-21 09:01:11.487751');
